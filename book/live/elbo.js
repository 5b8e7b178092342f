// Chapter 3's live figure: all numbers come from Rust; this draws them and passes on what the reader does.
'use strict';
