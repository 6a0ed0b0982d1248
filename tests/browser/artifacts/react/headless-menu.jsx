import { useState } from 'react';
import { Menu, MenuButton, MenuItem, MenuItems, Transition, Disclosure, DisclosureButton, DisclosurePanel } from '@headlessui/react';
import { ChevronDownIcon, PencilIcon, TrashIcon } from '@heroicons/react/24/outline';

export default function Actions() {
  const [chosen, setChosen] = useState('nothing');
  const actions = [
    { name: 'Edit', icon: PencilIcon },
    { name: 'Delete', icon: TrashIcon },
  ];
  return (
    <div className="p-6">
      <Menu as="div" className="relative inline-block">
        <MenuButton id="actions" className="inline-flex items-center gap-1 rounded-md bg-gray-800 px-3 py-2 text-white">
          Actions <ChevronDownIcon className="size-4" />
        </MenuButton>
        <Transition enter="transition" enterFrom="opacity-0" enterTo="opacity-100">
          <MenuItems className="absolute mt-2 w-40 rounded-md bg-white shadow-lg ring-1 ring-black/5">
            {actions.map(({ name, icon: Icon }) => (
              <MenuItem key={name}>
                {({ focus }) => (
                  <button
                    className={`do-${name} flex w-full gap-2 p-2 ${focus ? 'bg-gray-100' : ''}`}
                    onClick={() => setChosen(name)}
                  >
                    <Icon className="h-5 w-5" /> {name}
                  </button>
                )}
              </MenuItem>
            ))}
          </MenuItems>
        </Transition>
      </Menu>
      <p>You chose {chosen}.</p>
      <Disclosure>
        <DisclosureButton id="why">Why?</DisclosureButton>
        <DisclosurePanel>Because it is there.</DisclosurePanel>
      </Disclosure>
    </div>
  );
}
