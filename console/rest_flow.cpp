#include "console/rest.h"
#include "engine/flow_dry_run.h"
#include "engine/flow_reader.h"

// The flow: as it is, tried without effect, and changed while people arrive.
namespace sb::console {

namespace {

constexpr std::size_t kGivenMax = 100;

ApiError wrong_flow(const engine::FlowProblem& problem) {
  return {400, "invalid_flow", problem.message(), problem.path.empty() ? "rules" : "rules." + problem.path};
}

}  // namespace

void Rest::get_flow(const CallPtr& call) {
  const Flow& flow = context_.engine.view().flow;
  boost::json::object out{{"version", flow.version}, {"rules", engine::write_flow(flow.rules, context_.center)}};
  call->answer(200, boost::json::serialize(out));
}

Result<Flow> Rest::flow_of(const boost::json::object& body) const {
  const Flow& present = context_.engine.view().flow;
  Flow flow{present.version + 1, present.rules, context_.center.utc_offsets};
  if (const auto* rules = body.if_contains("rules")) {
    auto read = engine::read_flow(*rules, context_.center);
    if (!read) return std::unexpected(wrong_flow(read.error()));
    flow.rules = std::move(*read);
  }
  return flow;
}

void Rest::put_flow(const CallPtr& call) {
  auto body = parse_object(call->request.body);
  if (!body) return call->refuse(body.error());
  if (auto unknown = only_fields(*body, {"version", "rules"})) return call->refuse(*unknown);
  auto version = integer_field(*body, "version", 0, 0xFFFF'FFFE);
  if (!version) return call->refuse(version.error());
  if (!*version) return call->refuse(bad_field("version", "is required: the version that is replaced"));
  if (!body->contains("rules")) return call->refuse(bad_field("rules", "is required"));
  auto flow = flow_of(*body);
  if (!flow) return call->refuse(flow.error());
  const std::uint32_t present = context_.engine.view().flow.version;
  if (**version != std::int64_t{present}) {
    return call->refuse({409, "version_conflict",
                         "version: the flow is at version " + std::to_string(present) + " by now; read it again",
                         "version"});
  }
  submit(call, command::PutFlow{*flow}, {}, [call, put = flow->version](const engine::Answer&) {
    call->answer(200, boost::json::serialize(boost::json::object{{"version", put}}));
  });
}

void Rest::test_flow(const CallPtr& call) {
  auto body = parse_object(call->request.body);
  if (!body) return call->refuse(body.error());
  if (auto unknown = only_fields(*body, {"rules", "interactions", "recorded"})) return call->refuse(*unknown);
  auto flow = flow_of(*body);
  if (!flow) return call->refuse(flow.error());
  const auto* given = body->if_contains("interactions");
  const auto* recorded = body->if_contains("recorded");
  if (!given == !recorded) {
    return call->refuse(bad_field("interactions", "give either a list of interactions or \"recorded\""));
  }
  if (recorded) {
    const auto* text = recorded->if_string();
    auto wanted = engine::read_recorded(text ? std::string_view(*text) : std::string_view());
    if (!wanted) return call->refuse(bad_field("recorded", wanted.error()));
    return answer_from(replays_, call, [this, flow = std::move(*flow), wanted = *wanted] {
      auto runs = engine::dry_run_recorded(flow, wanted, context_.engine.store(), context_.center);
      if (!runs) return ApiError{503, "journal_unreadable", runs.error().message}.response();
      if (runs->empty()) {
        return ApiError{404, "unknown_interaction", "recorded: there is no such arrival in the journal", "recorded"}
            .response();
      }
      return net::Response::json(200, boost::json::serialize(boost::json::object{{"interactions", std::move(*runs)}}));
    });
  }
  const auto* list = given->if_array();
  if (!list || list->empty() || list->size() > kGivenMax) {
    return call->refuse(bad_field("interactions", "must be a list of 1 to 100"));
  }
  boost::json::array runs;
  for (std::size_t n = 0; n < list->size(); ++n) {
    auto arrival = engine::read_arrival((*list)[n], context_.center, *flow, context_.engine.clock().now());
    if (!arrival) return call->refuse(bad_field("interactions." + std::to_string(n), arrival.error()));
    runs.push_back(engine::dry_run(*flow, *arrival, context_.engine.view(), context_.center));
  }
  call->answer(200, boost::json::serialize(boost::json::object{{"interactions", std::move(runs)}}));
}

}  // namespace sb::console
