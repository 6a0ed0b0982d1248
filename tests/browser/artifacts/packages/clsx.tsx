import clsx, { type ClassValue } from "clsx";
import { clsx as named } from "clsx";

const given: ClassValue[] = ["a", { b: true, c: false }, [null, ["d"]], 0, undefined];

export default function Classes() {
  return <p className={clsx(given)}>{clsx(given)} / {named({ "is-open": true })}</p>;
}
