using System.Text.Json.Nodes;
using Pyvene.Typed.Interventions;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Interventions;

/// <summary>Is an intervention as a user writes it: base + scale · source.</summary>
public sealed record AddScaled(double Scale) : Intervention
{
    public override string Type => "add_scaled";

    public override SourceNeed Source => SourceNeed.Required;

    public override Tensor Apply(Tensor @base, Tensor? source, Tensor? features) => @base + source! * Scale;

    public override JsonObject ToParameters() => new() { ["scale"] = Scale };
}
