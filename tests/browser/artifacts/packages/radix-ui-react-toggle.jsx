import { Toggle } from "@radix-ui/react-toggle";
import { useState } from "react";

export default function Italic() {
  const [pressed, setPressed] = useState(false);
  return <p><Toggle id="italic" pressed={pressed} onPressedChange={setPressed}>I</Toggle> {pressed ? <i>slanted text</i> : "upright text"}</p>;
}
