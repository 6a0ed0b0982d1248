import * as React from "react";
import * as Dialog from "@radix-ui/react-dialog";
import * as Switch from "@radix-ui/react-switch";
import * as Select from "@radix-ui/react-select";
import { Cross2Icon, ChevronDownIcon } from "@radix-ui/react-icons";

const LANGUAGES = { en: "English", de: "Deutsch", pt: "Português" } as const;
type Language = keyof typeof LANGUAGES;

export default function Settings(): React.ReactElement {
  const [language, setLanguage] = React.useState<Language>("en");
  const [loud, setLoud] = React.useState(false);
  return (
    <Dialog.Root>
      <Dialog.Trigger asChild>
        <button id="open" className="rounded bg-violet-600 px-4 py-2 text-white">Settings</button>
      </Dialog.Trigger>
      <p>{LANGUAGES[language]}, sound {loud ? "on" : "off"}</p>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 bg-black/50" />
        <Dialog.Content className="fixed left-1/2 top-1/2 w-80 -translate-x-1/2 -translate-y-1/2 rounded-lg bg-white p-6">
          <Dialog.Title className="text-lg font-bold">Edit settings</Dialog.Title>
          <Dialog.Description>Changes apply at once.</Dialog.Description>
          <label className="flex items-center gap-2">
            Sound
            <Switch.Root id="sound" checked={loud} onCheckedChange={setLoud} className="h-6 w-10 rounded-full bg-gray-300">
              <Switch.Thumb className="block h-5 w-5 rounded-full bg-white" />
            </Switch.Root>
          </label>
          <Select.Root value={language} onValueChange={(value) => setLanguage(value as Language)}>
            <Select.Trigger id="language" aria-label="Language" className="flex border px-2">
              <Select.Value /> <Select.Icon><ChevronDownIcon /></Select.Icon>
            </Select.Trigger>
            <Select.Portal>
              <Select.Content position="popper" className="bg-white border">
                <Select.Viewport>
                  {Object.entries(LANGUAGES).map(([key, name]) => (
                    <Select.Item key={key} value={key} id={`language-${key}`}>
                      <Select.ItemText>{name}</Select.ItemText>
                    </Select.Item>
                  ))}
                </Select.Viewport>
              </Select.Content>
            </Select.Portal>
          </Select.Root>
          <Dialog.Close aria-label="Close"><Cross2Icon /></Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
