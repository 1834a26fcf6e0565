using Pyvene.Typed.Configuration;
using Pyvene.Typed.Descriptors;
using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;
using static TorchSharp.torch;

namespace Pyvene.Typed.Tests.Running;

/// <summary>Messages say which intervention is meant: its number, its type and the whole place.</summary>
public sealed class PlaceMessageTests
{
    private static readonly Experiment<Gpt2, NoSource> Long = Gpt2.Experiment.Zero(Gpt2.Layer(1).MlpOutput.At(1, 40));

    public static TheoryData<SiteSpec, string> Places => new()
    {
        { new() { Component = "mlp_output", Layer = 8 }, "mlp_output of layer 8" },
        { new() { Component = "mlp_output", Layer = 8, At = ^1, Features = Features.In(0..64) }, "mlp_output of layer 8, position ^1, features 0 to 63" },
        { new() { Component = "head_value_output", Layer = 0, Heads = Heads.Of(3), At = 1..^1 }, "head_value_output of layer 0, head 3, positions 1..^1" },
        { new() { Component = "mlp_output", Layer = 0, At = Positions.OfText("Spain"), ReadAt = 2 },
            "mlp_output of layer 0, the position of \"Spain\", read at position 2" },
        { new() { Component = "mlp_output", Layer = 0, At = Positions.All }, "mlp_output of layer 0, all positions" },
        { new() { Component = "mlp_output", Layer = 0, At = Positions.OfTexts("Spain", "Peru") },
            "mlp_output of layer 0, the positions of \"Spain\", \"Peru\", by example" },
        { new() { Component = "mlp_output", Layer = 0, At = Positions.Marked("country") }, "mlp_output of layer 0, the positions marked \"country\"" },
        { new() { Component = "mlp_output", Layer = 0, At = Positions.PerExample([1], [4]) }, "mlp_output of layer 0, positions [1], [4], by example" },
        { new() { Component = "mlp_output", Layer = 0, At = Positions.Columns([1], [4]) }, "mlp_output of layer 0, columns [1], [4], by example" },
        { new() { Component = "head_value_output", Layer = 0, Heads = Heads.Of(0, 2), ReadHeads = Heads.Of(1, 3) },
            "head_value_output of layer 0, heads 0, 2, read at heads 1, 3" },
        { new() { Component = "mlp_output", Layer = 0, During = Steps.Prompt.And(Steps.Each) }, "mlp_output of layer 0, in the prompt and every step" },
        { new() { Component = "mlp_output", Layer = 0, During = Steps.At(1, 5) }, "mlp_output of layer 0, in steps 1, 5" },
        { new() { ModulePath = "cell", Side = HookSide.Input, Item = 1, Unit = PositionUnit.Step, At = ^1 },
            "the input of module 'cell', item 1, time step ^1" },
        { new() { Component = "mlp_output", Layer = 0, Features = Features.Of(9, 8, 7, 6, 5, 4, 3, 2, 0) },
            "mlp_output of layer 0, features 9, 8, 7, 6, …, 0 (9 in all)" },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void PlaceIsSaidAsAWhole(SiteSpec place, string words) => Assert.Equal(words, place.ToString());

    [Fact]
    public void PositionThatAnExampleDoesNotHaveNamesThePlaceAndTheExample() => Says(
        "intervention 0 (zero at mlp_output of layer 1, positions 1, 40): position 40 is outside of example 0 of the base, which has 6 positions (0 to 5, or "
            + "^6 to ^1).",
        () => Primer.Model.Run(Long, Prompt.OfTokens([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6])).Dispose());

    [Fact]
    public void HeadOfAnExampleThatIsNotThereNamesTheExample() => Says(
        "intervention 0 (zero at head_value_output of layer 1, heads [0], [7], by example): 7 of example 1 is out of range; head_value_output of layer 1 has 4 "
            + "heads (0 to 3).",
        () => Primer.Model.Bind(Gpt2.Experiment.Zero(Gpt2.Layer(1).HeadValueOutput.Heads(Heads.PerExample([0], [7])))).Dispose());

    [Fact]
    public void StepsOfARecurrentModelAreTimeSteps()
    {
        using var gru = Gru.Create(layers: 1, dModel: 4);
        using var plan = Gru.Experiment.Zero(Gru.Layer(0).CellOutput.AtStep(9)).Bind(gru);
        Says(
            "intervention 0 (zero at cell_output of layer 0, time step 9): position 9 is outside of example 0 of the base, which has 3 positions (0 to 2, or "
                + "^3 to ^1).",
            () => plan.Run(new ModelInputs { InputsEmbeds = ones(1, 3, 4) }).Dispose());
    }

    [Fact]
    public void SecondInterventionIsNamedByItsNumber() => Says(
        "intervention 1 (zero at mlp_output of layer 9, position ^1): layer 9 is out of range; GPT2LMHeadModel has 6 layers (0 to 5).",
        () => Primer.Model.Bind(Gpt2.Experiment.Zero(Gpt2.Layer(1).MlpOutput).Zero(Gpt2.Layer(9).MlpOutput.At(^1))).Dispose());

    [Fact]
    public void FieldThatWasNullAtRegistrationIsNamed() => Says(
        "intervention 0 (zero at the output of module 'missing'): the model has no module 'missing'. The field 'missing' of LateNet is null; set it before "
            + "RegisterComponents() is called in the constructor.",
        () => Bound(Experiment.On<LateNet>().Zero(LateNet.Components.Missing.Output)));

    [Fact]
    public void FieldThatWasSetBehindTheRegistrationIsNamed() => Says(
        "intervention 0 (zero at the output of module 'late'): the model has no module 'late'. The field 'late' of LateNet was not registered: it was set "
            + "behind RegisterComponents(), which must be the last statement of the constructor.",
        () => Bound(Experiment.On<LateNet>().Zero(LateNet.Components.Late.Output)));

    [Fact]
    public void ModuleThatNeverRanSaysWhatItIs()
    {
        const string Remedy = "Act at a module that the model's forward pass calls, and call it there with call(…), since forward(…) runs no hooks.";
        Says(
            $"intervention 0 (zero at the output of module 'unused') changed nothing: module 'unused' (Linear) was not called in this run. {Remedy}",
            () => Ran(Experiment.On<LateNet>().Zero(LateNet.Components.Unused.Output)));
        Says(
            $"intervention 0 (collect at the output of module 'unused') collected nothing: module 'unused' (Linear) was not called in this run. {Remedy}",
            () => Ran(Experiment.On<LateNet>().Collect(LateNet.Components.Unused.Output, out _)));
    }

    private static void Ran(Experiment<LateNet, NoSource> experiment)
    {
        using var net = new LateNet();
        using var plan = experiment.Bind(net);
        plan.Run(ones(1, 4)).Dispose();
    }

    private static void Bound(Experiment<LateNet, NoSource> experiment)
    {
        using var net = new LateNet();
        experiment.Bind(net).Dispose();
    }

    private static void Says(string message, Action run) => Assert.Equal(message, Assert.Throws<InterventionException>(run).Message);
}
