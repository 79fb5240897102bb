//! The calls of signed-in components. Each is made over HTTP or over the [channel](super::channel), by the same function.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::guard::Post;
use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest, Handler, HttpRequest, HttpResponse, Responder, ResponseError};
use futures_util::future::{FutureExt, LocalBoxFuture};

use super::link;

/// Makes a call with a request that has the caller and the body among its extensions.
type Call = Rc<dyn Fn(HttpRequest) -> LocalBoxFuture<'static, HttpResponse>>;
type Mount = Box<dyn FnOnce(&mut ServiceConfig)>;

/// The calls that are added one by one, and then mounted.
#[derive(Default)]
pub struct Calls {
    mounts: Vec<Mount>,
    table: HashMap<&'static str, Call>,
}

impl Calls {
    /// Adds a call at a path that begins with a slash.
    pub fn add<F, Args>(&mut self, path: &'static str, handler: F)
    where
        F: Handler<Args>,
        F::Output: Responder + 'static,
        Args: FromRequest + 'static,
    {
        let call: Call = Rc::new(move |request: HttpRequest| {
            let handler = handler.clone();
            async move {
                if let Err(refusal) = link::check(path, &request) {
                    return refusal.error_response();
                }
                match Args::from_request(&request, &mut Payload::None).await {
                    Ok(args) => handler.call(args).await.respond_to(&request).map_into_boxed_body(),
                    Err(problem) => problem.into().error_response(),
                }
            }
            .boxed_local()
        });
        let over_http = call.clone();
        self.mounts.push(Box::new(move |config| {
            config.service(web::resource(path).guard(Post()).to(move |request: HttpRequest| over_http(request)));
        }));
        self.table.insert(path.trim_start_matches('/'), call);
    }

    /// Mounts the calls for HTTP, and returns them for the channel.
    pub fn mount(self, config: &mut ServiceConfig) -> CallTable {
        self.mounts.into_iter().for_each(|mount| mount(config));
        CallTable(Rc::new(self.table))
    }
}

/// The calls by their paths, without the slash at the beginning. Clones share them.
#[derive(Clone)]
pub struct CallTable(Rc<HashMap<&'static str, Call>>);

impl CallTable {
    /// The path of a call, as it was added; `None` if there is none with this path.
    pub fn name(&self, path: &str) -> Option<&'static str> {
        self.0.get_key_value(path).map(|(name, _)| *name)
    }

    /// Makes a call; `None` if there is none with this path.
    pub fn call(&self, path: &str, request: HttpRequest) -> Option<LocalBoxFuture<'static, HttpResponse>> {
        self.0.get(path).map(|call| call(request))
    }
}
