import * as Select from "@radix-ui/react-select";
import { useState } from "react";

export default function Fruit() {
  const [fruit, setFruit] = useState("");
  return (
    <div>
      <Select.Root value={fruit} onValueChange={setFruit}>
        <Select.Trigger id="fruit" aria-label="Fruit"><Select.Value placeholder="Choose a fruit" /><Select.Icon /></Select.Trigger>
        <Select.Portal>
          <Select.Content>
            <Select.Viewport>
              <Select.Group>
                <Select.Label>Fruits</Select.Label>
                {["Apple", "Pear"].map((each) => (
                  <Select.Item key={each} value={each} id={each}><Select.ItemText>{each}</Select.ItemText><Select.ItemIndicator>✓</Select.ItemIndicator></Select.Item>
                ))}
              </Select.Group>
            </Select.Viewport>
          </Select.Content>
        </Select.Portal>
      </Select.Root>
      <p>{fruit ? `${fruit} it is` : "None yet"}</p>
    </div>
  );
}
