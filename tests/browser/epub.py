"""The EPUB is one: its type comes first, every page is XML, every link leads somewhere, and every page is listed."""
import posixpath
import sys
import zipfile
from xml.etree import ElementTree

found = []
with zipfile.ZipFile(sys.argv[1]) as book:
    first = book.infolist()[0]
    if (first.filename, first.compress_type, book.read(first)) != ("mimetype", zipfile.ZIP_STORED, b"application/epub+zip"):
        found.append("the first entry does not say, unpacked, that this is an EPUB")
    pages = {}
    for name in book.namelist():
        if name.endswith((".xhtml", ".opf", ".xml")):
            try:
                pages[name] = ElementTree.fromstring(book.read(name))
            except ElementTree.ParseError as wrong:
                found.append(f"{name} is no XML: {wrong}")
    ids = {name: {e.get("id") for e in page.iter() if e.get("id")} for name, page in pages.items()}
    links = 0
    for name, page in pages.items():
        for link in (e.get("href") for e in page.iter() if e.get("href")):
            if "://" in link:
                continue
            file, _, part = link.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), file)) if file else name
            links += 1
            if target not in book.namelist() or part and part not in ids.get(target, {part}):
                found.append(f"{name}: nothing at {link}")
    listed = {posixpath.join("book", e.get("href")) for e in pages["book/content.opf"].iter() if e.get("href")}
    found += [f"{name} is not in the manifest" for name in pages if name.endswith(".xhtml") and name not in listed]
    found += [f"{name} has a colour that only a browser knows" for name in pages if b"var(--" in book.read(name)]
    formulas = sum(1 for page in pages.values() for e in page.iter() if e.tag.endswith("}math"))
    if formulas < 2000:
        found.append(f"only {formulas} formulas")
print("\n".join(found) or f"{len(pages)} files, {links} links, {formulas} formulas: nothing wrong")
sys.exit(bool(found))
