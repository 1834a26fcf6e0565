using static TorchSharp.torch;

namespace Pyvene.Typed.Checkpoints.Gguf;

/// <summary>The types of tensors, by GGML's numbers. Those without a reader are known by their size alone, and refused when a tensor is read.</summary>
internal static class GgufTypes
{
    private static readonly GgufType[] All =
    [
        new(0, "F32", 1, 4, ScalarType.Float32),
        new(1, "F16", 1, 2, ScalarType.Float16),
        new(2, "Q4_0", 32, 18, ScalarType.Float32, SmallBlocks.Q4_0),
        new(3, "Q4_1", 32, 20, ScalarType.Float32, SmallBlocks.Q4_1),
        new(6, "Q5_0", 32, 22, ScalarType.Float32, SmallBlocks.Q5_0),
        new(7, "Q5_1", 32, 24, ScalarType.Float32, SmallBlocks.Q5_1),
        new(8, "Q8_0", 32, 34, ScalarType.Float32, SmallBlocks.Q8_0),
        new(9, "Q8_1", 32, 36, ScalarType.Float32, SmallBlocks.Q8_1),
        new(10, "Q2_K", 256, 84, ScalarType.Float32, SuperBlocks.Q2_K),
        new(11, "Q3_K", 256, 110, ScalarType.Float32, SuperBlocks.Q3_K),
        new(12, "Q4_K", 256, 144, ScalarType.Float32, SuperBlocks.Q4_K),
        new(13, "Q5_K", 256, 176, ScalarType.Float32, SuperBlocks.Q5_K),
        new(14, "Q6_K", 256, 210, ScalarType.Float32, SuperBlocks.Q6_K),
        new(15, "Q8_K", 256, 292, ScalarType.Float32, SuperBlocks.Q8_K),
        new(16, "IQ2_XXS", 256, 66, ScalarType.Float32),
        new(17, "IQ2_XS", 256, 74, ScalarType.Float32),
        new(18, "IQ3_XXS", 256, 98, ScalarType.Float32),
        new(19, "IQ1_S", 256, 50, ScalarType.Float32),
        new(20, "IQ4_NL", 32, 18, ScalarType.Float32, SmallBlocks.IQ4_NL),
        new(21, "IQ3_S", 256, 110, ScalarType.Float32),
        new(22, "IQ2_S", 256, 82, ScalarType.Float32),
        new(23, "IQ4_XS", 256, 136, ScalarType.Float32, SuperBlocks.IQ4_XS),
        new(24, "I8", 1, 1, ScalarType.Int8),
        new(25, "I16", 1, 2, ScalarType.Int16),
        new(26, "I32", 1, 4, ScalarType.Int32),
        new(27, "I64", 1, 8, ScalarType.Int64),
        new(28, "F64", 1, 8, ScalarType.Float64),
        new(29, "IQ1_M", 256, 56, ScalarType.Float32),
        new(30, "BF16", 1, 2, ScalarType.BFloat16),
        new(34, "TQ1_0", 256, 54, ScalarType.Float32),
        new(35, "TQ2_0", 256, 66, ScalarType.Float32),
        new(39, "MXFP4", 32, 17, ScalarType.Float32, SmallBlocks.MXFP4),
    ];

    /// <summary>Gets the types that can be read, for messages.</summary>
    public static string Names { get; } = string.Join(", ", All.Where(type => type.IsReadable).Select(type => type.Name));

    /// <summary>Finds a type by its number; <see langword="null"/> when there is none.</summary>
    public static GgufType? Find(uint number) => Array.Find(All, type => type.Number == number);
}
