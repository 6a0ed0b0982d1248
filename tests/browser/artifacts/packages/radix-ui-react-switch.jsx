import * as Switch from "@radix-ui/react-switch";
import { useState } from "react";

export default function Airplane() {
  const [on, setOn] = useState(false);
  return (
    <p>
      <Switch.Root id="mode" checked={on} onCheckedChange={setOn} style={{ width: 42, height: 25 }}><Switch.Thumb /></Switch.Root>
      Airplane mode is {on ? "on" : "off"}
    </p>
  );
}
