//! Mixes voices into one sound.

use super::failure::Failure;
use super::studio::Studio;

/// How many voices one run mixes.
const AT_ONCE: usize = 24;
/// Each voice is made as loud as the others, slowly and by 18 dB at most. What is as quiet as a room is left as it is.
const LEVELLED: &str = "speechnorm=e=8:r=0.001:f=0.001:t=0.003:p=0.8";

/// A voice.
#[derive(Clone, Debug)]
pub struct Voice {
    /// The name of its file in the folder that programs read.
    pub name: String,
    /// When it begins, in milliseconds.
    pub begin: i64,
}

impl Studio<'_> {
    /// Mixes voices into a sound of this length, in milliseconds. Returns the name of its file in the folder that programs
    /// read.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn mix(&self, voices: &[Voice], length: i64) -> Result<String, Failure> {
        let mut mixed = Vec::new();
        for (number, some) in voices.chunks(AT_ONCE).enumerate() {
            let name = format!("mix-{number}.flac");
            let inputs = some.iter().map(|voice| (voice.name.as_str(), levelled(voice))).collect::<Vec<_>>();
            self.mix_some(&inputs, length, &name, &["-c:a", "flac", "-compression_level", "0"]).await?;
            self.take(&name, &self.input()).await?;
            mixed.push(name);
        }
        let name = "sound.m4a".to_owned();
        let inputs = mixed.iter().map(|name| (name.as_str(), "aresample=48000".to_owned())).collect::<Vec<_>>();
        self.mix_some(&inputs, length, &name, &["-c:a", "aac", "-b:a", "96k", "-movflags", "+faststart"]).await?;
        self.take(&name, &self.input()).await?;
        for name in mixed {
            tokio::fs::remove_file(self.input().join(name)).await?;
        }
        Ok(name)
    }

    async fn mix_some(
        &self,
        inputs: &[(&str, String)],
        length: i64,
        name: &str,
        coding: &[&str],
    ) -> Result<(), Failure> {
        let mut arguments: Vec<String> = Vec::new();
        let mut graph: Vec<String> = Vec::new();
        for (number, (input, filter)) in inputs.iter().enumerate() {
            arguments.extend(["-i".to_owned(), format!("/in/{input}")]);
            graph.push(format!("[{number}:a]{filter}[v{number}];"));
        }
        let seconds = seconds(length);
        if inputs.is_empty() {
            arguments.extend(["-f", "lavfi", "-i", "anullsrc=r=48000:cl=mono"].map(String::from));
            graph.push(format!("[0:a]atrim=0:{seconds}[out]"));
        } else {
            graph.extend((0..inputs.len()).map(|number| format!("[v{number}]")));
            graph.push(format!(
                "amix=inputs={}:normalize=0:dropout_transition=0,alimiter=limit=0.9:level=0,apad=whole_dur={seconds},\
                 atrim=0:{seconds}[out]",
                inputs.len()
            ));
        }
        let graph = graph.concat();
        arguments.extend(["-filter_complex", &graph, "-map", "[out]", "-ac", "1", "-ar", "48000"].map(String::from));
        arguments.extend(coding.iter().map(ToString::to_string));
        arguments.push(format!("/out/{name}"));
        self.run(&arguments).await
    }
}

/// A voice at its time: gaps are silence, and a clock that drifts is followed. Files begin at 0; `first_pts` must not say so, because
/// with it some versions of the filter lose seconds when they follow a clock.
fn levelled(voice: &Voice) -> String {
    let begin = voice.begin;
    let (cut, delay) = (seconds((-begin).max(0)), begin.max(0));
    format!(
        "aresample=48000:async=1000,pan=mono|c0=0.5*c0+0.5*c1,atrim=start={cut},asetpts=PTS-STARTPTS,{LEVELLED},\
         adelay={delay}:all=1"
    )
}

pub(super) fn seconds(millis: i64) -> String {
    format!("{}.{:03}", millis / 1_000, millis % 1_000)
}
