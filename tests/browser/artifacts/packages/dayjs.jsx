import dayjs from "dayjs";
import relativeTime from "dayjs/plugin/relativeTime";
import duration from "dayjs/plugin/duration";

dayjs.extend(relativeTime);
dayjs.extend(duration);

export default function Times() {
  const day = dayjs("2026-03-01");
  return (
    <p>
      {day.subtract(1, "day").format("dddd, MMMM D, YYYY")}, {day.from(day.add(3, "hour"))},{" "}
      {dayjs.duration(90, "minutes").format("H:mm")}
    </p>
  );
}
