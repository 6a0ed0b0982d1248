import { Dialog, DialogPanel, DialogTitle, Listbox, ListboxButton, ListboxOption, ListboxOptions, Switch, Tab, TabGroup, TabList, TabPanel, TabPanels } from "@headlessui/react";
import { useState } from "react";

const PEOPLE = ["Durward", "Kenton"] as const;

export default function Parts() {
  const [on, setOn] = useState(false);
  const [person, setPerson] = useState<string>(PEOPLE[0]);
  const [open, setOpen] = useState(false);
  return (
    <div>
      <Switch id="switch" checked={on} onChange={setOn}>switch</Switch> {on ? "is on" : "is off"}
      <Listbox value={person} onChange={setPerson}>
        <ListboxButton id="people">{person} is chosen</ListboxButton>
        <ListboxOptions>
          {PEOPLE.map((each) => <ListboxOption key={each} value={each} id={each}>{each}</ListboxOption>)}
        </ListboxOptions>
      </Listbox>
      <TabGroup>
        <TabList><Tab>One</Tab><Tab id="two">Two</Tab></TabList>
        <TabPanels><TabPanel>Panel one</TabPanel><TabPanel>Panel two</TabPanel></TabPanels>
      </TabGroup>
      <button id="open" onClick={() => setOpen(true)}>Open</button>
      <Dialog open={open} onClose={() => setOpen(false)}>
        <DialogPanel><DialogTitle>A headless dialog</DialogTitle><button onClick={() => setOpen(false)}>Done</button></DialogPanel>
      </Dialog>
    </div>
  );
}
