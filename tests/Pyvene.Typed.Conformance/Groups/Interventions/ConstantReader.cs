using Pyvene.Typed.Configuration;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Conformance.Groups.Interventions;

/// <summary>Reads a constant source: a case gives the whole width of the place, the library takes the features that are written.</summary>
internal static class ConstantReader
{
    /// <summary>Reads a constant.</summary>
    /// <param name="value">The value: [width] for every unit, or [batch, unit …, width].</param>
    /// <param name="features">The features of every example; null = all.</param>
    /// <param name="field">The field, for messages.</param>
    /// <exception cref="CaseFieldException">The value does not have a feature, or is for another batch.</exception>
    /// <exception cref="UnsupportedCaseException">One vector is read at other features in every example.</exception>
    public static ConstantSource Read(Tensor value, int[][]? features, string field)
    {
        if (features is null) return ConstantSource.Of(value);
        var width = value.shape[^1];
        if (features.SelectMany(row => row).Any(feature => feature < 0 || feature >= width)) throw new CaseFieldException(field, $"is only {width} wide");
        var isShared = features.All(row => row.AsSpan().SequenceEqual(features[0]));
        if (isShared) return ConstantSource.Of(value.index_select(-1, Row(features[0], value.device))); // [..., feature]
        if (value.ndim == 1) throw new UnsupportedCaseException("a constant vector with other features in every example is not supported yet");
        if (value.shape[0] != features.Length)
            throw new CaseFieldException(field, $"has {value.shape[0]} examples, but features are given for {features.Length}");
        return ConstantSource.Of(stack([.. features.Select((row, example) => value[example].index_select(-1, Row(row, value.device)))], 0)); // [batch, unit ..., feature]
    }

    private static Tensor Row(int[] features, Device device) => tensor(Array.ConvertAll(features, feature => (long)feature), device: device);
}
