#pragma once
// What the console's edges share. Everything here lives on (or may be used from) the release executor, and outlives
// them.
#include <functional>

#include "console/board.h"
#include "console/callback_list.h"
#include "console/conversations.h"
#include "console/sign_in.h"
#include "crm/directory.h"
#include "crm/identity.h"
#include "engine/attachments.h"
#include "engine/center.h"
#include "engine/engine.h"
#include "engine/outbox.h"
#include "engine/projector.h"
#include "net/io_threads.h"

namespace sb::console {

inline constexpr std::size_t kTextBytesMax = 40'000;  // of a message: 10,000 characters of any script

struct Context {
  engine::Engine& engine;
  const engine::Center& center;
  engine::Projector& projector;
  engine::Outbox& outbox;
  engine::PendingAttachments& attachments;
  crm::Directory& directory;
  const crm::IdentityHasher& hasher;
  net::IoThreads& io;
  SignIn& sign_in;
  Board& board;
  Conversations& conversations;
  // An agent types: told to the customer's channel.
  std::function<void(InteractionId)> agent_typing;
  CallbackList callbacks{};

  // Submits unless the engine is full or the records lag too far behind for new identities.
  [[nodiscard]] bool submit(engine::Submission submission) {
    return projector.admits(submission.command) && engine.submit(std::move(submission));
  }
};

}  // namespace sb::console
