import * as Menubar from "@radix-ui/react-menubar";
import { useState } from "react";

export default function Bar() {
  const [file, setFile] = useState("No file");
  return (
    <div>
      <Menubar.Root>
        <Menubar.Menu>
          <Menubar.Trigger id="file">File</Menubar.Trigger>
          <Menubar.Portal>
            <Menubar.Content style={{ background: "white" }}>
              <Menubar.Item id="new" onSelect={() => setFile("A new file")}>New tab</Menubar.Item>
            </Menubar.Content>
          </Menubar.Portal>
        </Menubar.Menu>
        <Menubar.Menu><Menubar.Trigger>Edit</Menubar.Trigger></Menubar.Menu>
      </Menubar.Root>
      <p>{file}</p>
    </div>
  );
}
