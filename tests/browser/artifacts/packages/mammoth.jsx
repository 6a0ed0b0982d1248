import mammoth from "mammoth";
import { useEffect, useState } from "react";

const FILES = {
  "[Content_Types].xml":
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
  "_rels/.rels":
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
  "word/document.xml":
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Written in </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>Word</w:t></w:r></w:p></w:body></w:document>',
};

function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function zip(files) {
  const encoder = new TextEncoder();
  const numbers = (...pairs) =>
    pairs.flatMap(([value, size]) => Array.from({ length: size }, (_, at) => (value >>> (8 * at)) & 255));
  const body = [];
  const directory = [];
  for (const [name, text] of Object.entries(files)) {
    const [path, data] = [encoder.encode(name), encoder.encode(text)];
    const common = numbers([20, 2], [0, 2], [0, 2], [0, 4], [crc32(data), 4], [data.length, 4], [data.length, 4], [path.length, 2], [0, 2]);
    directory.push(...numbers([0x02014b50, 4], [20, 2]), ...common, ...numbers([0, 2], [0, 2], [0, 2], [0, 4], [body.length, 4]), ...path);
    body.push(...numbers([0x04034b50, 4]), ...common, ...path, ...data);
  }
  const count = Object.keys(files).length;
  const end = numbers([0x06054b50, 4], [0, 2], [0, 2], [count, 2], [count, 2], [directory.length, 4], [body.length, 4], [0, 2]);
  return new Uint8Array([...body, ...directory, ...end]).buffer;
}

export default function WordReader() {
  const [html, setHtml] = useState("");
  useEffect(() => {
    mammoth.convertToHtml({ arrayBuffer: zip(FILES) }).then(({ value }) => setHtml(value), (error) => setHtml(String(error)));
  }, []);
  return <div><pre>{html}</pre><article dangerouslySetInnerHTML={{ __html: html }} /></div>;
}
