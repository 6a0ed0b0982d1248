// What this tab remembers until it is closed: the artifacts with their versions, how the next is to be made, and what each
// request cost. Another tab has a storage of its own, so two never disturb each other; what a tab hears of another one's
// versions is taken in here.

const NAME = "workbench";
const KEPT_ARTIFACTS = 30;
const KEPT_REQUESTS = 200;

export class Session {
  /**
   * `storage` gives the storage, or throws where the browser forbids it: then a reload forgets all. `workflow` is how the
   * service makes artifacts where nobody says it.
   */
  constructor(storage, workflow = "direct") {
    this.storage = storage;
    const stored = read(storage);
    this.id = stored.id ?? crypto.randomUUID();
    this.artifacts = stored.artifacts ?? [];
    this.requests = stored.requests ?? [];
    this.chosen = stored.workflow;
    this.workflow = this.chosen ?? workflow;
    this.total = stored.total ?? { costUsd: 0, requests: 0, unknown: 0 };
    this.current = this.artifacts.find((artifact) => artifact.id === stored.current) ?? null;
  }

  get version() {
    return this.current?.versions[this.current.shown] ?? null;
  }

  /** Return the version that the shown one was made from; null for the first. */
  get base() {
    return this.current?.versions.find(({ id }) => id === this.version.base) ?? null;
  }

  /** Make the next artifacts and changes so, "direct" or "reviewed". */
  chooseWorkflow(workflow) {
    this.workflow = this.chosen = workflow;
    this.save();
  }

  /** Keep a new artifact and show it. */
  add(prompt, version) {
    this.current = { id: crypto.randomUUID(), prompt, shown: 0, versions: [{ ...version, id: crypto.randomUUID(), base: null }] };
    this.artifacts = [this.current, ...this.artifacts].slice(0, KEPT_ARTIFACTS);
    this.save();
  }

  /** Keep a version that was made from another one of its artifact, and show it. */
  addVersion(artifact, base, version) {
    this.choose(artifact, this.keep(artifact, base, version));
    this.show(artifact);
  }

  /** Keep a version, and go on showing what is shown. */
  keep(artifact, base, version) {
    const kept = { ...version, id: crypto.randomUUID(), base: base.id };
    artifact.versions.push(kept);
    this.save();
    return kept;
  }

  /** Keep a version that another tab has made; return its artifact if it is one of these and the version is new. */
  take(artifactId, version) {
    const artifact = this.artifacts.find(({ id }) => id === artifactId);
    if (!artifact || artifact.versions.some(({ id }) => id === version.id)) return null;
    artifact.versions.push({ ...version, isUnseen: true, isDiscarded: false });
    this.save();
    return artifact;
  }

  /** Return the latest version that another tab has made and nobody has looked at here. */
  unseen(artifact) {
    return artifact?.versions.findLast(({ isUnseen }) => isUnseen) ?? null;
  }

  /** Let an artifact be seen in this version as soon as it is shown. */
  choose(artifact, version) {
    artifact.shown = artifact.versions.indexOf(version);
    this.save();
  }

  show(artifact) {
    this.current = artifact;
    this.look();
    this.save();
  }

  /** Note that what is shown is seen, and with a version of another tab those before it. */
  look() {
    if (this.version.isUnseen) this.acknowledge(this.current, this.version);
  }

  /** Take the versions of other tabs, up to this one, for seen. */
  acknowledge({ versions }, last) {
    for (const version of versions.slice(0, versions.indexOf(last) + 1)) version.isUnseen = false;
  }

  /** Show the version so many steps on; return whether there is one. */
  step(by) {
    const wanted = (this.current?.shown ?? 0) + by;
    if (!this.current?.versions[wanted]) return false;
    this.current.shown = wanted;
    this.look();
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
    const { id, requests, total, chosen: workflow, current } = this;
    try {
      this.storage().setItem(NAME, JSON.stringify({ id, artifacts, requests, total, workflow, current: current?.id }));
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
