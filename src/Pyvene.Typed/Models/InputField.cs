using System.Runtime.CompilerServices;

namespace Pyvene.Typed.Models;

/// <summary>Is one of the tensors that models take: its name, its axes, and what of a batch it has. A new input is one line here and a property.</summary>
internal sealed class InputField
{
    private static readonly List<InputField> Declared = [];

    private InputField(string name, string axes, bool isReal = false, bool isTarget = false, [CallerMemberName] string property = "")
    {
        (Name, Property, Axes, IsReal, IsTarget, Index) = (name, property, axes, isReal, isTarget, Declared.Count);
        RowAxis = Array.IndexOf(axes.Split(' '), "batch") is >= 0 and var axis ? axis : null;
        Declared.Add(this);
    }

    public static InputField InputIds { get; } = new("input_ids", "batch position");
    public static InputField InputsEmbeds { get; } = new("inputs_embeds", "batch position dModel", isReal: true);
    public static InputField PixelValues { get; } = new("pixel_values", "batch channel height width", isReal: true);
    public static InputField InputFeatures { get; } = new("input_features", "batch frequency frame", isReal: true);
    public static InputField InitialState { get; } = new("initial_state", "layer batch dModel", isReal: true);
    public static InputField AttentionMask { get; } = new("attention_mask", "batch key");
    public static InputField PositionIds { get; } = new("position_ids", "batch position");
    public static InputField TokenTypeIds { get; } = new("token_type_ids", "batch position");
    public static InputField HeadMask { get; } = new("head_mask", "layer head");
    public static InputField DecoderInputIds { get; } = new("decoder_input_ids", "batch decoderPosition");
    public static InputField DecoderInputsEmbeds { get; } = new("decoder_inputs_embeds", "batch decoderPosition dModel", isReal: true);
    public static InputField DecoderAttentionMask { get; } = new("decoder_attention_mask", "batch decoderPosition");
    public static InputField DecoderPositionIds { get; } = new("decoder_position_ids", "batch decoderPosition");
    public static InputField DecoderHeadMask { get; } = new("decoder_head_mask", "layer head");
    public static InputField CrossAttentionHeadMask { get; } = new("cross_attn_head_mask", "layer head");
    public static InputField EncoderOutput { get; } = new("encoder_output", "batch position dModel", isReal: true);
    public static InputField Labels { get; } = new("labels", "batch position", isTarget: true);

    /// <summary>Gets all of them.</summary>
    public static IReadOnlyList<InputField> All => Declared;

    /// <summary>Gets its name, as in Hugging Face's models.</summary>
    public string Name { get; }

    /// <summary>Gets the name of its property.</summary>
    public string Property { get; }

    /// <summary>Gets the names of its axes, as descriptors name them.</summary>
    public string Axes { get; }

    /// <summary>Gets whether its numbers are of the model's dtype.</summary>
    public bool IsReal { get; }

    /// <summary>Gets whether it is what the output is compared with, which no forward pass reads before its end.</summary>
    public bool IsTarget { get; }

    /// <summary>Gets the axis that has the examples; <see langword="null"/> = all examples share it.</summary>
    public int? RowAxis { get; }

    /// <summary>Gets its place in <see cref="All"/>.</summary>
    public int Index { get; }

    /// <summary>Gets whether a model reads it row by row, so that batches lie one under the other.</summary>
    public bool HasRows => RowAxis == 0 && !IsTarget;
}
