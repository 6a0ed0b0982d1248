// What this tab remembers until it is closed: the artifacts with their versions, and what each request cost. Another tab
// has a storage of its own, so two never disturb each other.

const NAME = "workbench";
const KEPT_ARTIFACTS = 30;
const KEPT_REQUESTS = 200;

export class Session {
  /** `storage` gives the storage, or throws where the browser forbids it: then a reload forgets all. */
  constructor(storage) {
    this.storage = storage;
    const stored = read(storage);
    this.id = stored.id ?? crypto.randomUUID();
    this.artifacts = stored.artifacts ?? [];
    this.requests = stored.requests ?? [];
    this.total = stored.total ?? { costUsd: 0, requests: 0, unknown: 0 };
    this.current = this.artifacts.find((artifact) => artifact.id === stored.current) ?? null;
  }

  get version() {
    return this.current?.versions[this.current.shown] ?? null;
  }

  /** Return the version that the shown one was made from; null for the first. */
  get base() {
    return this.current?.versions[this.version?.base] ?? null;
  }

  /** Keep a new artifact and show it. */
  add(prompt, version) {
    this.current = { id: crypto.randomUUID(), prompt, shown: 0, versions: [version] };
    this.artifacts = [this.current, ...this.artifacts].slice(0, KEPT_ARTIFACTS);
    this.save();
  }

  /** Keep a version that was made from another one of its artifact, and show it. */
  addVersion(artifact, base, version) {
    artifact.versions.push({ ...version, base });
    artifact.shown = artifact.versions.length - 1;
    this.show(artifact);
  }

  show(artifact) {
    this.current = artifact;
    this.save();
  }

  /** Show the version so many steps on; return whether there is one. */
  step(by) {
    const wanted = (this.current?.shown ?? 0) + by;
    if (!this.current?.versions[wanted]) return false;
    this.current.shown = wanted;
    this.save();
    return true;
  }

  /** Count what a request cost, be it a success or not; one that never reached the model host cost nothing. */
  pay(request) {
    const unknown = typeof request.costUsd !== "number";
    this.total.requests += 1;
    this.total.unknown += unknown ? 1 : 0;
    this.total.costUsd += unknown ? 0 : request.costUsd;
    this.requests = [request, ...this.requests].slice(0, KEPT_REQUESTS);
    this.save();
  }

  save() {
    while (!this.store(this.artifacts)) {
      // What is oldest is forgotten first. What is shown stays, if not for a reload.
      const oldest = this.artifacts.findLast((each) => each !== this.current);
      this.artifacts = this.artifacts.filter((each) => each !== oldest);
      if (!oldest) return this.store([]);
    }
    return true;
  }

  /** Store all, with these artifacts; return whether there is room for it. */
  store(artifacts) {
    const { id, requests, total, current } = this;
    try {
      this.storage().setItem(NAME, JSON.stringify({ id, artifacts, requests, total, current: current?.id }));
    } catch (error) {
      // Where the browser forbids to store anything, no room would help.
      return error.name !== "QuotaExceededError";
    }
    return true;
  }
}

function read(storage) {
  try {
    return JSON.parse(storage().getItem(NAME)) ?? {};
  } catch {
    return {};
  }
}
