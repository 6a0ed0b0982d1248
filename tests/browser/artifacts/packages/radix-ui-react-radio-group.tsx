import * as RadioGroup from "@radix-ui/react-radio-group";
import { useState } from "react";

export default function Density() {
  const [value, setValue] = useState("default");
  return (
    <form>
      <RadioGroup.Root value={value} onValueChange={setValue} aria-label="Density">
        {["default", "compact"].map((each) => (
          <label key={each}>
            <RadioGroup.Item value={each} id={each} style={{ width: 20, height: 20 }}><RadioGroup.Indicator>•</RadioGroup.Indicator></RadioGroup.Item>
            {each}
          </label>
        ))}
      </RadioGroup.Root>
      <p>The view is {value}</p>
    </form>
  );
}
