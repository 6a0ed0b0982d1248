import { BeakerIcon } from "@heroicons/react/24/outline";
import { BeakerIcon as SolidIcon, StarIcon } from "@heroicons/react/24/solid";
import { CheckIcon } from "@heroicons/react/20/solid";
import { XMarkIcon } from "@heroicons/react/16/solid";

export default function Icons() {
  return (
    <div className="flex gap-2">
      <BeakerIcon id="outline" className="h-10 w-10 text-blue-500" />
      <SolidIcon id="solid" className="size-8" />
      <StarIcon className="size-6 text-yellow-500" />
      <CheckIcon id="mini" width={20} />
      <XMarkIcon id="micro" width={16} />
    </div>
  );
}
