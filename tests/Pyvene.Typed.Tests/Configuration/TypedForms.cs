using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Tests.Running;
using static Pyvene.Typed.Tests.Configuration.TypedForm;

namespace Pyvene.Typed.Tests.Configuration;

/// <summary>Everything that pyvene's configuration can say, as it is said here.</summary>
internal static class TypedForms
{
    private static readonly Gpt2.Block Layer = Gpt2.Layer(4);
    private static readonly RotatedSpace Rotation = new(768);
    private static readonly Partition<string> Parts = Partition.Of(("subject", 0..128), ("relation", 128..256));
    private static readonly float[] Vector = [.. Enumerable.Repeat(0.5f, 4)];

    public static IReadOnlyList<TypedForm> All { get; } =
    [
        Of("`layer`", Gpt2.Experiment.Zero(Gpt2.Layer(4).MlpOutput), "\"layer\": 4"),
        Of("`component`: a name", Gpt2.Experiment.Zero(Layer.MlpOutput), "\"component\": \"mlp_output\""),
        Of(
            "`component`: a module path",
            Experiment.On<ToyNet>().Zero(ToyNet.Components.Blocks[1].Mix.Input),
            "\"module\": \"blocks[1].mix\", \"side\": \"input\""),
        Of("`unit`: `pos`", Gpt2.Experiment.Zero(Layer.MlpOutput.At(^1)), "\"at\": [\"^1\"]"),
        Of("`unit`: `h`", Gpt2.Experiment.Zero(Layer.HeadValueOutput.Head(3)), "\"heads\": [3]"),
        Of("`unit`: `h.pos`", Gpt2.Experiment.Zero(Layer.HeadValueOutput.Head(3).At(0, 1)), "\"heads\": [3], \"at\": [0, 1]"),
        Of(
            "`unit`: a nested one, such as `sense.pos`",
            Experiment.On<SenseNet>().Zero(SenseNet.Components.Senses.Output.Head(1).At(0, 2)),
            "\"head_axis\": 1, \"heads\": [1], \"at\": [0, 2]"),
        Of("`unit`: `t`", Gru.Experiment.Zero(Gru.Layer(0).CellOutput.AtStep(3)), "\"component\": \"cell_output\", \"layer\": 0, \"at\": [3]"),
        Of("`max_number_of_units`: as many as are chosen", Gpt2.Experiment.Zero(Layer.MlpOutput.At(0, 1, 2)), "\"at\": [0, 1, 2]"),
        Of("`low_rank_dimension`", Gpt2.Experiment.Apply(Layer.BlockOutput.At(^1), new LowRankRotatedSpace(768, rank: 8)), "\"rank\": 8"),
        Of("`intervention_type`: `VanillaIntervention`", Gpt2.Experiment.Interchange(Layer.MlpOutput), "\"type\": \"interchange\""),
        Of("`intervention_type`: `ZeroIntervention`", Gpt2.Experiment.Zero(Layer.MlpOutput), "\"type\": \"zero\""),
        Of("`intervention_type`: `AdditionIntervention`", Gpt2.Experiment.Add(Layer.MlpOutput), "\"type\": \"addition\""),
        Of("`intervention_type`: `SubtractionIntervention`", Gpt2.Experiment.Subtract(Layer.MlpOutput), "\"type\": \"subtraction\""),
        Of("`intervention_type`: `CollectIntervention`", Gpt2.Experiment.Collect(Layer.MlpOutput, out _), "\"type\": \"collect\""),
        Of("`intervention_type`: `SkipIntervention`", Gpt2.Experiment.Apply(Layer.MlpOutput, new Skip()), "\"type\": \"skip\""),
        Of(
            "`intervention_type`: `NoiseIntervention`",
            Gpt2.Experiment.Apply(Layer.MlpOutput, new Noise(Vector, 0.13)),
            "\"type\": \"noise\", \"parameters\": {\"level\": 0.13"),
        Of(
            "`intervention_type`: `RotatedSpaceIntervention`",
            Gpt2.Experiment.Apply(Layer.BlockOutput.At(^1), new RotatedSpace(768)),
            "\"type\": \"rotated_space\""),
        Of(
            "`intervention_type`: `LowRankRotatedSpaceIntervention`",
            Gpt2.Experiment.Apply(Layer.BlockOutput.At(^1), new LowRankRotatedSpace(768, 8)),
            "\"type\": \"low_rank_rotated_space\""),
        Of(
            "`intervention_type`: `BoundlessRotatedSpaceIntervention`",
            Gpt2.Experiment.Apply(Layer.BlockOutput.At(^1), new BoundlessRotatedSpace(768)),
            "\"type\": \"boundless_rotated_space\""),
        Of(
            "`intervention_type`: `SigmoidMaskIntervention`",
            Gpt2.Experiment.Apply(Layer.BlockOutput.At(^1), new SigmoidMask(768)),
            "\"type\": \"sigmoid_mask\""),
        Of(
            "`intervention_type`: `SigmoidMaskRotatedSpaceIntervention`",
            Gpt2.Experiment.Apply(Layer.BlockOutput.At(^1), new SigmoidMaskRotatedSpace(768)),
            "\"type\": \"sigmoid_mask_rotated_space\""),
        Of(
            "`intervention_type`: `PCARotatedSpaceIntervention`",
            Gpt2.Experiment.Apply(Layer.BlockOutput.At(^1), new PcaRotatedSpace(768, 16)),
            "\"type\": \"pca_rotated_space\""),
        Of(
            "`intervention_type`: `AutoencoderIntervention`",
            Gpt2.Experiment.Apply(Layer.BlockOutput.At(^1), new Autoencoder(768, 64)),
            "\"type\": \"autoencoder\""),
        Of(
            "`intervention_type`: `JumpReLUAutoencoderIntervention`",
            Gpt2.Experiment.Apply(Layer.BlockOutput.At(^1), new JumpReluAutoencoder(768, 1024)),
            "\"type\": \"jump_relu_autoencoder\""),
        Of("`intervention`: an instance, or a class of one's own", Gpt2.Experiment.Apply(Layer.MlpOutput, new Halve()), "\"type\": \"halve\""),
        Of("`subspace_partition`", Gpt2.Experiment.Interchange(Layer.BlockOutput.At(^1).Features(Parts["relation"])), "\"features\": \"128..256\""),
        Of(
            "`group_key`",
            Gpt2.Experiment.Interchange(Layer.MlpOutput).Interchange(Layer.BlockOutput.From(Source.Second)),
            "\"component\": \"block_output\", \"layer\": 4, \"source\": 1"),
        Of("`group_key`: the fifth and more", Gpt2.Experiment.WithSources(5).Interchange(Layer.MlpOutput.From(Source.At(4))), "\"source\": 4"),
        Of(
            "`intervention_link_key`",
            Gpt2.Experiment.Apply(Layer.BlockOutput.At(3), Rotation).Apply(Layer.BlockOutput.At(4), Rotation),
            "\"type\": \"rotated_space\", \"link\": 0, \"parameters\": {\"width\": 768}, \"component\": \"block_output\", \"layer\": 4, \"at\": [4]"),
        Of(
            "`moe_key`: no component of pyvene has a place for it; a list of modules of one's own has",
            Experiment.On<ToyNet>().Zero(ToyNet.Components.Blocks[1].Output),
            "\"module\": \"blocks[1]\""),
        Of(
            "`source_representation`",
            Gpt2.Experiment.Add(Layer.HeadValueOutput.Features(0..4), Vector),
            "\"constant\": {\"shape\": [4], \"values\": [0.5, 0.5, 0.5, 0.5]}"),
        Of(
            "`hidden_source_representation`: nothing to say, the constant is saved with the experiment",
            Gpt2.Experiment.Interchange(Layer.HeadValueOutput.Features(0..4), Vector),
            "\"constant\": {"),
        Of("`latent_dim`", Gpt2.Experiment.Apply(Layer.BlockOutput.At(^1), new Autoencoder(768, latents: 64)), "\"latents\": 64"),
        Of("`representations`: their order is that of the steps", Gpt2.Experiment.Zero(Layer.MlpOutput).Zero(Layer.BlockOutput), "\"interventions\": ["),
        Of("`intervention_types`: the verbs", Gpt2.Experiment.Zero(Layer.MlpOutput).Collect(Layer.MlpOutput, out _), "\"name\": \"collect_0\""),
        Of(
            "`mode`: `serial`",
            Gpt2.Experiment.Interchange(Layer.MlpOutput).Interchange(Layer.BlockOutput.From(Source.Second)).InSeries(),
            "\"mode\": \"serial\", \"sources\": 2"),
        Of("`mode`: `parallel`", Gpt2.Experiment.Interchange(Layer.MlpOutput).InParallel(), "\"mode\": \"parallel\""),
        Of("`sorted_keys`: nothing to say, steps act in their order", Gpt2.Experiment.Zero(Layer.MlpOutput), "\"mode\": \"parallel\", \"sources\": 0"),
        Of("`model_type`", Gpt2.Experiment.Zero(Layer.MlpOutput), "\"architecture\": \"gpt2\""),
        Of(
            "`intervention_dimensions`",
            Gpt2.Experiment.Apply(Layer.BlockOutput.At(^1), new RotatedSpace(768) { Dimensions = [0, 1, 2] }),
            "\"dimensions\": [0, 1, 2]"),
        Of(
            "`intervention_constant_sources`: a step with a constant reads no source",
            Gpt2.Experiment.Subtract(Layer.HeadValueOutput.Features(0..4), Vector),
            "\"sources\": 0"),
        Of("`keep_last_dim`", Gpt2.Experiment.Apply(Layer.BlockOutput.At(3, 4), new RotatedSpace(768) { IsPerUnit = true }), "\"per_unit\": true"),
        Of("`unit_locations`: `None`", Gpt2.Experiment.Interchange(Layer.MlpOutput), "\"layer\": 4}"),
        Of("`unit_locations`: another position in the source", Gpt2.Experiment.Interchange(Layer.MlpOutput.At(4).ReadAt(3)), "\"at\": [4], \"read_at\": [3]"),
        Of(
            "`unit_locations`: other heads in the source",
            Gpt2.Experiment.Interchange(Layer.HeadValueOutput.Head(1).ReadHeads(2).At(^1)),
            "\"heads\": [1], \"at\": [\"^1\"], \"read_heads\": [2]"),
        Of(
            "`unit_locations`: for every example by itself",
            Gpt2.Experiment.Interchange(Layer.MlpOutput.At(Positions.Columns([3], [5]))),
            "\"at\": {\"columns\": [[3], [5]]}"),
        Of(
            "`unit_locations`: a text, from the end, a range (pyvene has none of these)",
            Gpt2.Experiment.Interchange(Layer.MlpOutput.At("Spain").ReadAt(^2)),
            "\"at\": {\"text\": \"Spain\"}, \"read_at\": [\"^2\"]"),
        Of("`subspaces`: dimensions", Gpt2.Experiment.Interchange(Layer.MlpOutput.Features(Features.Of(0, 5))), "\"features\": [0, 5]"),
        Of("`subspaces`: one neuron", Gpt2.Experiment.Zero(Layer.MlpActivation.Neuron(17)), "\"features\": [17]"),
        Of(
            "`subspaces`: for every example by itself",
            Gpt2.Experiment.Interchange(Layer.MlpOutput.Features(Features.PerExample([0], [5]))),
            "\"features\": {\"examples\": [[0], [5]]}"),
        Of(
            "`source_representations`: a tensor, in one call",
            Gpt2.Experiment.Add(Layer.HeadValueOutput.Features(0..4), new float[4], out var constant).With(constant, Vector),
            "\"values\": [0.5, 0.5, 0.5, 0.5]"),
        Of(
            "`source_representations`: a list, in one call",
            Gpt2.Experiment.Add(Layer.HeadValueOutput.Features(0..4), new float[4], out var first).With([new(first, Vector)]),
            "\"values\": [0.5, 0.5, 0.5, 0.5]"),
        Of("`intervene_on_prompt`: true", Gpt2.Experiment.Zero(Layer.MlpOutput.At(^1).During(Steps.Prompt)), "\"steps\": [\"prompt\"]"),
        Of("`intervene_on_prompt`: false", Gpt2.Experiment.Zero(Layer.MlpOutput.During(Steps.Each)), "\"steps\": [\"each\"]"),
        Of("chosen steps of a generation (pyvene has none)", Gpt2.Experiment.Zero(Layer.MlpOutput.During(Steps.At(0, 3))), "\"steps\": [0, 3]"),
    ];

    /// <summary>An intervention of a user's own.</summary>
    private sealed record Halve : SourcelessIntervention
    {
        static Halve() => InterventionTypes.Register(new Halve());

        public override string Type => "halve";

        public override TorchSharp.torch.Tensor Apply(TorchSharp.torch.Tensor @base, TorchSharp.torch.Tensor? source, TorchSharp.torch.Tensor? features) =>
            @base / 2;
    }
}
