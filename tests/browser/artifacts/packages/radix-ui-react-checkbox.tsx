import * as Checkbox from "@radix-ui/react-checkbox";
import { CheckIcon } from "@radix-ui/react-icons";
import { useState } from "react";

export default function Terms() {
  const [checked, setChecked] = useState<Checkbox.CheckedState>("indeterminate");
  return (
    <label>
      <Checkbox.Root id="terms" checked={checked} onCheckedChange={setChecked} style={{ width: 24, height: 24 }}>
        <Checkbox.Indicator><CheckIcon /></Checkbox.Indicator>
      </Checkbox.Root>
      It is {String(checked)}
    </label>
  );
}
