import { addDays, differenceInCalendarDays, format, formatDistance } from "date-fns";
import { fr } from "date-fns/locale";

const day = new Date(2024, 1, 28);

export default function Days() {
  const later = addDays(day, 2);
  return (
    <p>
      {format(later, "EEEE d MMMM yyyy", { locale: fr })}, {differenceInCalendarDays(later, day)} days,{" "}
      {formatDistance(day, later, { addSuffix: true })}
    </p>
  );
}
