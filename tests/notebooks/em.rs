//! Chapter 4's exercises: what a wrong answer is told, and the cells between the exercises.
