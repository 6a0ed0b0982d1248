import { twJoin, twMerge } from "tailwind-merge";

export default function Merged() {
  return <p>{twMerge("px-2 py-1 bg-red-500", "p-3 bg-blue-500")} / {twJoin("a", false, "b")}</p>;
}
