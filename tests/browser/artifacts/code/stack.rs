use std::fmt::Debug;

/// A stack that never forgets its largest element.
#[derive(Debug, Default)]
pub struct MaxStack<T: Ord + Clone> {
    items: Vec<(T, T)>,
}

impl<T: Ord + Clone + Debug> MaxStack<T> {
    pub fn push(&mut self, item: T) {
        let max = match self.items.last() {
            Some((_, max)) if *max > item => max.clone(),
            _ => item.clone(),
        };
        self.items.push((item, max));
    }

    pub fn max(&self) -> Option<&T> {
        self.items.last().map(|(_, max)| max)
    }
}

fn main() {
    let mut stack = MaxStack::<i32>::default();
    for n in [3, 9, 2] {
        stack.push(n);
    }
    println!("{:?} & <{}>", stack.max(), "done");
}
