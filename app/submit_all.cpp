#include "app/submit_all.h"

#include <future>
#include <memory>
#include <thread>

namespace sb::app {

void submit_one(engine::Engine& engine, const Command& command, Source source, const std::vector<std::string>& contents,
                const std::function<void(const engine::Answer&)>& answered) {
  for (;;) {
    // What a full queue refuses is gone with its submission, so each attempt has its own.
    engine::Submission attempt{command, source, {}, contents, {}};
    if (answered) attempt.done = answered;
    if (engine.submit(std::move(attempt))) return;
    std::this_thread::yield();
  }
}

void submit_all(engine::Engine& engine, const std::vector<Command>& commands, Source source,
                const std::function<void(const Command&, const engine::Answer&)>& answered) {
  if (commands.empty()) return;
  const auto all_answered = std::make_shared<std::promise<void>>();
  auto wait = all_answered->get_future();
  for (const Command& command : commands) {
    const bool is_last = &command == &commands.back();  // answers come in order
    submit_one(engine, command, source, {}, [&answered, &command, is_last, all_answered](const engine::Answer& answer) {
      if (answered) answered(command, answer);
      if (is_last) all_answered->set_value();
    });
  }
  wait.get();
}

}  // namespace sb::app
