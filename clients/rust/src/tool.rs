use crate::v1;

/// A tool and what it needs of a kernel's events.
///
/// ```
/// let tool = tracery::Tool::new("offcputime", "0.31.0")
///     .require("sched/sched_switch", ["prev_pid", "next_pid"])
///     .like("sched/sched_waking", ["prio"]);
/// ```
///
/// Tools that do not find fields by name, or have alternatives, make a [`v1::Consumer`] themselves.
#[derive(Clone, Debug)]
pub struct Tool(v1::Consumer);

impl Tool {
    /// A tool that needs nothing yet.
    #[must_use]
    pub fn new(name: impl Into<String>, version: impl Into<String>) -> Self {
        Self(v1::Consumer { name: name.into(), version: version.into(), ..Default::default() })
    }

    /// Adds an event, `system/name`, without which, or without one of these fields of which, the tool cannot run.
    #[must_use]
    pub fn require<'a>(self, event: &str, fields: impl IntoIterator<Item = &'a str>) -> Self {
        self.with(event, fields, false)
    }

    /// Adds an event, `system/name`, with which, and with these fields of which, the tool does more.
    #[must_use]
    pub fn like<'a>(self, event: &str, fields: impl IntoIterator<Item = &'a str>) -> Self {
        self.with(event, fields, true)
    }

    fn with<'a>(mut self, event: &str, fields: impl IntoIterator<Item = &'a str>, optional: bool) -> Self {
        let fields = fields
            .into_iter()
            .map(|name| v1::FieldUse { names: vec![name.to_owned()], ..Default::default() })
            .collect();
        let event_use = v1::EventUse {
            event: event.to_owned(),
            access: v1::AccessClass::ByName.into(),
            fields,
            ..Default::default()
        };
        self.0.requirements.push(v1::Requirement { any_of: vec![event_use], optional });
        self
    }

    pub(crate) fn consumer(&self) -> &v1::Consumer {
        &self.0
    }
}

impl From<v1::Consumer> for Tool {
    fn from(consumer: v1::Consumer) -> Self {
        Self(consumer)
    }
}

impl From<Tool> for v1::Consumer {
    fn from(tool: Tool) -> Self {
        tool.0
    }
}
