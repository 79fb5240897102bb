//! `lectern completions`: the file with which a shell completes commands and flags.

use clap::{Args, Command};
use clap_complete::{Shell, generate};

use super::output::Outcome;

/// Prints the file of a shell.
#[derive(Args)]
pub struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub fn run(&self, program: &mut Command) -> Outcome {
        // Into memory first: writing to a closed pipe would panic there.
        let mut file = Vec::new();
        generate(self.shell, program, "lectern", &mut file);
        std::io::Write::write_all(&mut std::io::stdout(), &file)?;
        Ok(())
    }
}
