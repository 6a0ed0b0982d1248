// Tells the other tabs that hold the same artifact of a version that was made here, and takes in what is made there: a tab
// that was duplicated begins with a copy of the session. By messages and not by a storage that all tabs share, because
// these bring the version itself, which so outlives its tab, leave nothing behind, and need no permission to store.

const NAME = "workbench";

export class Channel {
  /** `onVersion` is told each artifact that another tab has changed. */
  constructor(session, onVersion) {
    this.session = session;
    this.onVersion = onVersion;
    this.channel = openChannel();
    this.channel?.addEventListener("message", ({ data }) => this.hear(data));
    // What was made elsewhere while this page was loaded has passed it by.
    const held = session.artifacts.map(({ id, versions }) => [id, versions.map((version) => version.id)]);
    if (held.length > 0) this.channel?.postMessage({ held: Object.fromEntries(held) });
  }

  /** Tell of a version, and of the one that it was made of: a draft, or one that was discarded, was not told yet. */
  share({ id, versions }, version) {
    const base = versions.find((each) => each.id === version.base);
    for (const each of base ? [base, version] : [version]) this.channel?.postMessage({ artifact: id, version: each });
  }

  hear({ held, artifact, version }) {
    if (held) this.answer(held);
    const changed = version && this.session.take(artifact, version);
    if (changed) this.onVersion(changed);
  }

  /** Tell a tab that holds these what it lacks. */
  answer(held) {
    for (const artifact of this.session.artifacts) {
      const known = held[artifact.id];
      const lacking = artifact.versions.filter(({ id, isDiscarded }) => known && !known.includes(id) && !isDiscarded);
      for (const version of lacking) this.share(artifact, version);
    }
  }
}

function openChannel() {
  try {
    return new BroadcastChannel(NAME);
  } catch {
    return null; // where the browser forbids it, there is no copy of the session either
  }
}
