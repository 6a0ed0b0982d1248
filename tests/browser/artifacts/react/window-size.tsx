import { useSyncExternalStore } from "react";

const subscribe = (notify: () => void) => {
  window.addEventListener("resize", notify);
  return () => window.removeEventListener("resize", notify);
};

function createStore<T>(initial: T) {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next: T) {
      value = next;
      listeners.forEach((listener) => listener());
    },
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
  };
}

const clicks = createStore<number>(0);

export default function WindowSize() {
  const width = useSyncExternalStore(subscribe, () => window.innerWidth, () => 0);
  const count = useSyncExternalStore(clicks.subscribe, clicks.get);
  return (
    <div>
      <p>The window is {width > 100 ? "wide enough" : "too narrow"}</p>
      <button onClick={() => clicks.set(clicks.get() + 1)}>Clicked {count} times</button>
    </div>
  );
}
