use super::*;

struct Once(Option<Bytes>);

impl Stream for Once {
    type Item = Result<Bytes, BodyError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}

/// A body at hand and a stream with one large frame, and how they will have ended.
fn bodies() -> [(Body, Arc<Mutex<Option<BodyEnd>>>); 2] {
    let bytes = Bytes::from_static(b"0123456789");
    [Body::from(bytes.clone()), Body::from_stream(Once(Some(bytes)))].map(|body| {
        let end = Arc::new(Mutex::new(None));
        let told = Arc::clone(&end);
        (body.on_end(move |end| *told.lock().unwrap() = Some(end)), end)
    })
}

async fn piece(body: &mut Body) -> Option<Bytes> {
    let frame = poll_fn(|cx| body.poll_piece(cx, 4)).await?;
    frame.unwrap().into_data().ok()
}

#[tokio::test]
async fn a_large_frame_is_taken_in_pieces() {
    for (mut body, end) in bodies() {
        assert_eq!(piece(&mut body).await.unwrap(), "0123");
        assert!(!body.is_end_stream() && HttpBody::size_hint(&body).lower() == 6);
        assert_eq!(piece(&mut body).await.unwrap(), "4567");
        assert_eq!(piece(&mut body).await.unwrap(), "89");
        assert_eq!(piece(&mut body).await, None);
        assert_eq!(*end.lock().unwrap(), Some(BodyEnd { bytes: 10, complete: true }));
    }
}

#[tokio::test]
async fn a_body_that_is_dropped_between_its_pieces_is_not_complete() {
    for (mut body, end) in bodies() {
        piece(&mut body).await.unwrap();
        drop(body);
        assert_eq!(*end.lock().unwrap(), Some(BodyEnd { bytes: 4, complete: false }));
    }
}
