// Takes the code out of the page: to the clipboard, or into a file that is named after its title and kind.

import { announce, element } from "/workbench/element.js";

const ENDINGS = { react: "jsx", html: "html", svg: "svg", mermaid: "mmd", markdown: "md" };
const LANGUAGES = { python: "py", javascript: "js", typescript: "ts", rust: "rs", go: "go", java: "java", ruby: "rb", shell: "sh", bash: "sh", sql: "sql", css: "css", json: "json", c: "c", cpp: "cpp" };
const SHOWN_MS = 1500;

export async function copyCode(button, { code }) {
  try {
    await navigator.clipboard.writeText(code);
  } catch {
    announce("The browser does not let the page copy. Select the code and copy it by hand.");
    return;
  }
  announce("The code is copied.");
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), SHOWN_MS);
}

export function downloadCode(version) {
  const address = URL.createObjectURL(new Blob([version.code], { type: "text/plain" }));
  element("a", { href: address, download: fileName(version) }).click();
  URL.revokeObjectURL(address);
}

export function fileName({ title, type, language }) {
  const name = title.normalize("NFKD").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").toLowerCase();
  return `${name.slice(0, 60) || "artifact"}.${ENDINGS[type] ?? LANGUAGES[language?.toLowerCase()] ?? "txt"}`;
}
