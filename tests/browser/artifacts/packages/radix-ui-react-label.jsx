import { Label } from "@radix-ui/react-label";
import { useState } from "react";

export default function Labelled() {
  const [focused, setFocused] = useState(false);
  return (
    <p>
      <Label htmlFor="name" id="label">Your name</Label> <input id="name" onFocus={() => setFocused(true)} />
      {focused ? " has the focus" : " waits"}
    </p>
  );
}
