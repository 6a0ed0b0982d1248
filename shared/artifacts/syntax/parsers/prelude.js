// What the bundles expect of a browser and QuickJS does not have.
(() => {
  const nothing = () => {};
  globalThis.console = { log: nothing, info: nothing, warn: nothing, error: nothing, debug: nothing, trace: nothing };
  globalThis.setTimeout = () => 0;
  globalThis.clearTimeout = nothing;
  globalThis.structuredClone = (value) => JSON.parse(JSON.stringify(value));
  globalThis.Option = function Option() { this.style = {}; };
  globalThis.TextEncoder = class { encode(text) { return new Uint8Array([...unescape(encodeURIComponent(text))].map((each) => each.charCodeAt(0))); } };
  globalThis.TextDecoder = class { decode() { return ""; } };
  globalThis.window = { CSS: { supports: () => true } }; // sequence diagrams ask it whether a word is a colour
  const SCHEME = /^[a-z][a-z0-9+.-]*:/i;
  globalThis.URL = class URL {
    constructor(text) {
      if (!SCHEME.test(String(text).trim())) throw new TypeError("Invalid URL");
      this.href = String(text).trim();
      this.protocol = SCHEME.exec(this.href)[0].toLowerCase();
      this.hostname = this.host = this.pathname = this.search = this.hash = "";
    }
    toString() { return this.href; }
    static canParse(text) { return SCHEME.test(String(text).trim()); }
  };
  const twins = new Map();
  globalThis.__matchAtStart = (rule, text) => {
    let twin = twins.get(rule);
    if (!twin) twins.set(rule, (twin = new RegExp(rule.source, `${rule.flags}y`)));
    twin.lastIndex = 0;
    return twin.exec(text);
  };
  // Stands for the drawing libraries, which parsing does not need.
  const stub = new Proxy(function stub() {}, {
    get: (target, key) => (key === Symbol.toPrimitive ? () => "" : key === "prototype" ? target.prototype : stub),
    apply: () => stub,
    construct: () => stub,
  });
  globalThis.__stub = stub;
})();
