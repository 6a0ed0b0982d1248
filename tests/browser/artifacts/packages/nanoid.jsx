import { customAlphabet, nanoid } from "nanoid";

const digits = customAlphabet("0123456789", 6);
const ids = new Set(Array.from({ length: 100 }, () => nanoid()));

export default function Ids() {
  return <p>{ids.size} ids of {[...ids][0].length} characters, {/^\d{6}$/.test(digits()) ? "six digits" : "something else"}</p>;
}
