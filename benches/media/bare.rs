//! What the media server can't be faster than: a loop that decrypts a packet, and for each receiver encrypts it and sends it.

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

/// The header of an RTP packet, and a payload as large as those of the robots.
const HEADER: usize = 20;
const PAYLOAD: usize = 700;
/// The tag of AES-GCM.
const TAG: usize = 16;
/// How long to measure.
const LASTING: Duration = Duration::from_secs(3);

/// Packets to receivers in a second of CPU.
pub fn packets_in_a_second_of_cpu(receivers: usize) -> f64 {
    let key = |byte| LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &[byte; 16]).unwrap());
    let incoming = key(0);
    let sockets: Vec<UdpSocket> = (0..receivers).map(|_| UdpSocket::bind("127.0.0.1:0").unwrap()).collect();
    let receivers: Vec<_> = sockets.iter().map(|socket| (socket.local_addr().unwrap(), key(1))).collect();
    let drain = sockets.iter().map(|socket| socket.try_clone().unwrap()).collect::<Vec<_>>();
    for socket in &drain {
        socket.set_nonblocking(true).unwrap();
    }
    let sending = UdpSocket::bind("127.0.0.1:0").unwrap();
    let packet = {
        let mut packet = vec![7; HEADER + PAYLOAD];
        let (header, payload) = packet.split_at_mut(HEADER);
        let tag = incoming.seal_in_place_separate_tag(nonce(0), Aad::from(&*header), payload).unwrap();
        packet.extend(tag.as_ref());
        packet
    };
    let (mut sent, mut unread) = (0.0, 0.0);
    let mut buffer = [0; 2_000];
    let (start, cpu) = (Instant::now(), thread_cpu());
    let mut number = 0;
    while start.elapsed() < LASTING {
        let mut arrived = packet.clone();
        let (header, rest) = arrived.split_at_mut(HEADER);
        let payload = incoming.open_in_place(nonce(0), Aad::from(&*header), rest).unwrap().to_vec();
        let header = header.to_vec();
        number += 1;
        for (address, key) in &receivers {
            let mut out = Vec::with_capacity(HEADER + PAYLOAD + TAG);
            out.extend(&header);
            out.extend(&payload);
            let (head, body) = out.split_at_mut(HEADER);
            let tag = key.seal_in_place_separate_tag(nonce(number), Aad::from(&*head), body).unwrap();
            out.extend(tag.as_ref());
            sending.send_to(&out, address).unwrap();
            sent += 1.0;
        }
        // What the receivers cost is not the loop's.
        let before = thread_cpu();
        for socket in &drain {
            while socket.recv_from(&mut buffer).is_ok() {}
        }
        unread += thread_cpu() - before;
    }
    sent / (thread_cpu() - cpu - unread)
}

fn nonce(number: u32) -> Nonce {
    let mut nonce = [0; 12];
    nonce[..4].copy_from_slice(&number.to_be_bytes());
    Nonce::assume_unique_for_key(nonce)
}

/// The CPU time of this thread, in seconds.
fn thread_cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}
