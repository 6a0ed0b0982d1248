/**
 * Calls `action` once things have been quiet for `wait` milliseconds.
 *
 * The returned function has two methods: `flush()` does now what is due, `cancel()` forgets it.
 */
export default function debounce(action, wait = 200) {
  let timer = null;
  let latest = null;

  function run() {
    const { self, args } = latest;
    timer = null;
    latest = null;
    action.apply(self, args);
  }

  function debounced(...args) {
    latest = { self: this, args };
    clearTimeout(timer);
    timer = setTimeout(run, wait);
  }

  debounced.flush = () => {
    if (timer === null) return;
    clearTimeout(timer);
    run();
  };

  debounced.cancel = () => {
    clearTimeout(timer);
    timer = null;
    latest = null;
  };

  return debounced;
}

// An example: the search runs once, for what was typed last.
const search = debounce((words) => console.log(`Searching for “${words}”`), 50);

for (const typed of ['k', 'ki', 'kim', 'kimi']) {
  search(typed);
}
