interface Line {
  name: string;
  price: number;
  quantity: number;
}

export default class Cart {
  private lines: Line[] = [];

  add(line: Line): void {
    this.lines.push(line);
  }

  get total(): number {
    return this.lines.reduce((sum, line) => sum + line.price * line.quantity, 0);
  }

  find(name: string): Line | undefined {
    return this.lines.find((line) => line.name === name);
  }
}
