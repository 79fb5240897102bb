//! The log of a class has an event for every change that those who follow the class see, whoever causes it. What they know
//! from a snapshot and the events is compared with a new snapshot at every look.

mod people;
