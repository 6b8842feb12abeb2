use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

use crate::call::CallError;

/// One page of a listing; the token is empty on the last.
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next_token: String,
}

type Fetched<T> = Pin<Box<dyn Future<Output = Result<Page<T>, CallError>> + Send>>;

/// A listing that asks for its next page when the last one is used up. All pages are of one revision.
pub struct Pages<T> {
    fetch: Box<dyn Fn(String) -> Fetched<T> + Send + Sync>,
    items: VecDeque<T>,
    token: Option<String>,
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("token", &self.token).finish_non_exhaustive()
    }
}

impl<T> Pages<T> {
    pub(crate) fn new(token: String, fetch: impl Fn(String) -> Fetched<T> + Send + Sync + 'static) -> Self {
        Self { fetch: Box::new(fetch), items: VecDeque::new(), token: Some(token) }
    }

    /// The next item; none after the last.
    ///
    /// # Errors
    ///
    /// If a page cannot be had; it is asked for again by the next call.
    pub async fn next(&mut self) -> Result<Option<T>, CallError> {
        loop {
            if let Some(item) = self.items.pop_front() {
                return Ok(Some(item));
            }
            let Some(token) = self.token.clone() else { return Ok(None) };
            let page = (self.fetch)(token).await?;
            self.items = page.items.into();
            self.token = Some(page.next_token).filter(|token| !token.is_empty());
        }
    }

    /// All items that are left.
    ///
    /// # Errors
    ///
    /// If a page cannot be had.
    pub async fn all(mut self) -> Result<Vec<T>, CallError> {
        let mut all = Vec::new();
        while let Some(item) = self.next().await? {
            all.push(item);
        }
        Ok(all)
    }
}
