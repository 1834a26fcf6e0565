using System.Globalization;
using System.Text.RegularExpressions;

namespace Pyvene.Typed.Configuration;

/// <summary>Makes the names that pyvene has for interventions and their files, and reads those of older versions.</summary>
/// <remarks>After <c>_get_representation_key</c> of pyvene's <c>intervenable_base.py</c>; versions up to 0.1.2 wrote dots, the first ones <c>repr</c> for
/// <c>comp</c>.</remarks>
internal static partial class PyveneKeys
{
    /// <summary>Returns the key of every entry, in order; entries at one place are numbered.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<PyveneRepresentation> representations)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. representations.Select(representation =>
        {
            var place = Place(representation);
            var number = counts.GetValueOrDefault(place);
            counts[place] = number + 1;
            return string.Create(CultureInfo.InvariantCulture, $"{place}#{number}");
        })];
    }

    /// <summary>Returns the present form of a key of any version.</summary>
    public static string Current(string key) => OldComponent().Replace(key.Replace('.', '_'), "$1_comp_");

    private static string Place(PyveneRepresentation representation)
    {
        var (component, unit) = (representation.Component.Replace('.', '_'), representation.Unit.Replace('.', '_'));
        var layer = representation.Component.Contains('.', StringComparison.Ordinal)
            ? "" : string.Create(CultureInfo.InvariantCulture, $"layer_{representation.Layer}_");
        return string.Create(CultureInfo.InvariantCulture, $"{layer}comp_{component}_unit_{unit}_nunit_{representation.MaxUnits}");
    }

    [GeneratedRegex(@"^(layer_\d+)_repr_")]
    private static partial Regex OldComponent();
}
