import * as ToggleGroup from "@radix-ui/react-toggle-group";
import { useState } from "react";

export default function Align() {
  const [value, setValue] = useState("left");
  return (
    <div>
      <ToggleGroup.Root type="single" value={value} onValueChange={(next) => next && setValue(next)}>
        {["left", "center", "right"].map((each) => <ToggleGroup.Item key={each} id={each} value={each}>{each}</ToggleGroup.Item>)}
      </ToggleGroup.Root>
      <p>Aligned to the {value}</p>
    </div>
  );
}
