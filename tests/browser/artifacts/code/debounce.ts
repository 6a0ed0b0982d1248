type Procedure = (...args: never[]) => void;

export function debounce<F extends Procedure>(fn: F, wait = 200): (...args: Parameters<F>) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => fn(...args), wait);
  };
}
