using System.Text.Json;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Engine;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Models;
using Pyvene.Typed.Native;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Models;

/// <summary>Is one of a tap's <c>edits</c>: the value v is replaced by scale · v + shift, at the addressed part of the tensor only.</summary>
internal static class TapEdit
{
    /// <summary>Runs the model with the edit and returns what came out.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">The arguments of the run.</param>
    /// <param name="site">The tensor: a module's input or output.</param>
    /// <param name="edit">The edit.</param>
    /// <param name="part">Returns the addressed part of a tensor of the shape that the site has.</param>
    public static ModelOutput Run(nn.Module model, ModelInputs inputs, SiteSpec site, JsonElement edit, Func<Tensor, Tensor> part)
    {
        var (scale, shift) = (edit.GetProperty("scale").GetDouble(), edit.GetProperty("shift").GetDouble());
        if (edit.TryGetProperty("call", out var call)) site = site with { Unit = PositionUnit.Step, At = Positions.Of(call.GetInt32()) };
        var change = new CustomIntervention((values, _, _) =>
        {
            var places = part(arange(Scalars.Of(0), Scalars.Of(values.numel()), Scalars.Of(1), int64, values.device).view(values.shape)).flatten();
            var flat = values.flatten().clone();
            flat.index_copy_(0, places, flat.index_select(0, places).mul(Scalars.Of(scale)).add(Scalars.Of(shift)));
            return flat.view(values.shape);
        });
        using var plan = InterventionPlan.Bind(model, new InterventionConfig { Interventions = [new InterventionSpec { Intervention = change, Site = site }] });
        using var run = plan.Run(inputs, [], new RunOptions { Effects = EffectCheck.Report });
        return run.ToModelOutput().Select(tensor => tensor.clone());
    }
}
