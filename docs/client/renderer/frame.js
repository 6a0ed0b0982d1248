// The frame that an artifact runs in: what keeps it there, and what stands before its first character.
// docs/threat-model.md says why each part is there, and what the page around the frame has to forbid.

export const SANDBOX = "allow-scripts allow-forms";

export const HEAD = `<!doctype html><base href="about:srcdoc"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' data: blob: https://cdn.jsdelivr.net https://cdnjs.cloudflare.com https://unpkg.com https://cdn.tailwindcss.com; style-src 'unsafe-inline' https://cdn.jsdelivr.net https://cdnjs.cloudflare.com https://unpkg.com https://fonts.googleapis.com; font-src data: https://cdn.jsdelivr.net https://cdnjs.cloudflare.com https://unpkg.com https://fonts.gstatic.com; img-src data: blob:; media-src data: blob:; connect-src data: blob:; form-action 'none'; base-uri 'none'">`;

const STYLES = {
  react: "body{margin:0}",
  svg: "body{margin:0;height:100vh;display:grid;place-items:center}svg{max-width:100%;max-height:100vh}",
  mermaid: ":root{color-scheme:light dark}body{margin:0;padding:1rem;display:grid;place-items:center;min-height:calc(100vh - 2rem)}#root{width:100%;text-align:center}#root svg{max-width:100%}",
  markdown:
    ":root{color-scheme:light dark}body{margin:0 auto;padding:1.5rem;max-width:46rem;font:16px/1.6 system-ui,sans-serif;overflow-wrap:break-word}" +
    "pre{padding:1rem;overflow:auto;border-radius:.5rem;background:light-dark(#f3f4f6,#24272e)}code{font:.9em ui-monospace,monospace}" +
    "table{border-collapse:collapse}th,td{border:1px solid light-dark(#d1d5db,#454a55);padding:.35rem .75rem}img{max-width:100%}" +
    "blockquote{margin-inline:0;padding-inline-start:1rem;border-inline-start:3px solid light-dark(#d1d5db,#454a55)}",
  code:
    ":root{color-scheme:light dark}body{margin:0;font:13px/1.6 ui-monospace,monospace}pre{margin:0;padding:1rem;tab-size:4;white-space:pre}",
};

/**
 * Returns the document of a frame. `script` is the text of `in-frame.js`; what html, svg and code show is part of the
 * document, what the other kinds show is sent to it.
 */
export function frameDocument({ type, code }, script) {
  const style = STYLES[type] ? `<style>${STYLES[type]}</style>` : "";
  const watched = `${HEAD}<meta charset="utf-8"><script>${script}</script>${style}`;
  if (type === "html" || type === "svg") return watched + code;
  if (type === "code") return `${watched}<pre><code>${escaped(code)}</code></pre>`;
  return `${watched}<div id="root"></div>`;
}

/** Returns a frame without an origin, in which nothing is yet. */
export function emptyFrame(title) {
  const frame = document.createElement("iframe");
  frame.title = title || "Artifact";
  frame.setAttribute("sandbox", SANDBOX);
  return frame;
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
