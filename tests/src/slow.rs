//! Clients and handlers that take their time.

use std::time::Duration;

use cello::prelude::*;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::time::{sleep, timeout};

/// Looks whether anything of its body has come, and turns to something else before it reads it.
#[post("/turns-away/<seconds>")]
pub async fn turns_away(seconds: u64, mut body: Body) -> Result<String, Problem> {
    let first = timeout(Duration::from_millis(1), body.next_data()).await;
    sleep(Duration::from_secs(seconds)).await;
    let first = first.unwrap_or(Ok(None))?.map_or(0, |bytes| bytes.len());
    Ok((first + body.collect(100_000).await?.len()).to_string())
}

/// Has its body looked at in another task, which keeps it.
#[post("/has-it-kept")]
pub async fn has_it_kept(mut body: Body) -> &'static str {
    tokio::spawn(async move {
        let _ = timeout(Duration::from_millis(1), body.next_data()).await;
        std::future::pending::<()>().await;
        drop(body);
    });
    std::future::pending().await
}

/// Takes 10 KB a second of an answer, and at last what has come meanwhile. Counts the bytes.
pub async fn takes_slowly(stream: &mut (impl AsyncRead + Unpin)) -> usize {
    let (mut taken, mut count) = (vec![0; 50_000], 0);
    for _ in 0..100 {
        sleep(Duration::from_secs(5)).await;
        count += stream.read_exact(&mut taken).await.unwrap();
    }
    while let Ok(more @ 1..) = stream.read(&mut taken).await {
        count += more;
    }
    count
}
