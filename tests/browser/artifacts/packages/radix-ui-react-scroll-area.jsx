import * as ScrollArea from "@radix-ui/react-scroll-area";

export default function Tags() {
  return (
    <ScrollArea.Root type="always" style={{ width: 150, height: 100, overflow: "hidden" }}>
      <ScrollArea.Viewport style={{ width: "100%", height: "100%" }}>
        {Array.from({ length: 30 }, (_, index) => <div key={index}>Tag {index + 1}</div>)}
      </ScrollArea.Viewport>
      <ScrollArea.Scrollbar orientation="vertical" id="bar" style={{ width: 10, background: "#ddd" }}>
        <ScrollArea.Thumb id="thumb" style={{ background: "#666" }} />
      </ScrollArea.Scrollbar>
      <ScrollArea.Corner />
    </ScrollArea.Root>
  );
}
