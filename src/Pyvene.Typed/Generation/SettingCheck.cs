using System.Globalization;
using System.Runtime.CompilerServices;

namespace Pyvene.Typed.Generation;

/// <summary>Checks the settings of generation, with one message for every kind of mistake. Each method returns the value that it let through.</summary>
internal static class SettingCheck
{
    private const int LargestRows = 4096;

    /// <summary>Lets whole numbers through that are not below a bound.</summary>
    public static int AtLeast(int value, int minimum, [CallerMemberName] string setting = "") => value >= minimum
        ? value
        : throw Refused(setting, value, $"must be at least {minimum}");

    /// <summary>Lets an unset number through, and one that is not below a bound.</summary>
    public static int? AtLeast(int? value, int minimum, [CallerMemberName] string setting = "") =>
        value is { } number ? AtLeast(number, minimum, setting) : null;

    /// <summary>Lets finite numbers above 0 through.</summary>
    public static double Positive(double value, string remedy = "", [CallerMemberName] string setting = "") => double.IsFinite(value) && value > 0
        ? value
        : throw Refused(setting, value, $"must be a finite number above 0{remedy}");

    /// <summary>Lets numbers above 0 through that single precision can multiply scores with and divide them by.</summary>
    public static double Factor(double value, string remedy = "", [CallerMemberName] string setting = "") =>
        Positive(value, remedy, setting) is >= 1e-30 and <= 1e30
            ? value
            : throw Refused(setting, value, $"must lie between 1E-30 and 1E+30, the reach of single precision{remedy}");

    /// <summary>Lets numbers of rows through that a model could be run on at once.</summary>
    public static int Rows(int value, [CallerMemberName] string setting = "") => AtLeast(value, 1, setting) <= LargestRows
        ? value
        : throw Refused(setting, value, FormattableString.Invariant($"must be at most {LargestRows}, since every one is a row of the batch"));

    /// <summary>Lets numbers between two bounds through.</summary>
    public static double Between(double value, double minimum, double maximum, [CallerMemberName] string setting = "") => value >= minimum && value <= maximum
        ? value
        : throw Refused(setting, value, FormattableString.Invariant($"must lie between {minimum} and {maximum}"));

    /// <summary>Lets named values through.</summary>
    public static T Defined<T>(T value, [CallerMemberName] string setting = "")
        where T : struct, Enum => Enum.IsDefined(value)
        ? value
        : throw new ArgumentOutOfRangeException(setting, value, $"{setting} must be one of {string.Join(", ", Enum.GetNames<T>())}, but is {value:D}.");

    /// <summary>Lets lists through that hold no null.</summary>
    public static IReadOnlyList<T> Items<T>(IReadOnlyList<T> value, [CallerMemberName] string setting = "")
        where T : class
    {
        ArgumentNullException.ThrowIfNull(value, setting);
        return value.All(item => item is not null) ? [.. value] : throw new ArgumentException($"{setting} holds null; leave it out of the list.", setting);
    }

    /// <summary>Lets finite numbers through.</summary>
    public static double Finite(double value, [CallerMemberName] string setting = "") => double.IsFinite(value)
        ? value
        : throw Refused(setting, value, "must be a finite number");

    /// <summary>Lets numbers from 0 to 1 through.</summary>
    public static double Fraction(double value, [CallerMemberName] string setting = "") => value is >= 0 and <= 1
        ? value
        : throw Refused(setting, value, "must lie between 0 and 1");

    /// <summary>Lets numbers strictly between 0 and 1 through.</summary>
    public static double OpenFraction(double value, [CallerMemberName] string setting = "") => value is > 0 and < 1
        ? value
        : throw Refused(setting, value, "must lie strictly between 0 and 1");

    /// <summary>Lets token ids through, which are not negative.</summary>
    public static IReadOnlyList<int> TokenIds(IReadOnlyList<int> value, [CallerMemberName] string setting = "")
    {
        ArgumentNullException.ThrowIfNull(value, setting);
        foreach (var id in value) AtLeast(id, 0, setting);
        return [.. value];
    }

    /// <summary>Lets lists of token ids through, none of which is empty.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> Sequences(IReadOnlyList<IReadOnlyList<int>> value, [CallerMemberName] string setting = "")
    {
        ArgumentNullException.ThrowIfNull(value, setting);
        return [.. value.Select(sequence => sequence is { Count: > 0 }
            ? TokenIds(sequence, setting)
            : throw new ArgumentException($"{setting} holds an empty list; every entry needs at least one token id.", setting))];
    }

    /// <summary>Lets strings through that are not empty.</summary>
    public static IReadOnlyList<string> Strings(IReadOnlyList<string> value, [CallerMemberName] string setting = "")
    {
        ArgumentNullException.ThrowIfNull(value, setting);
        return value.All(item => item is { Length: > 0 })
            ? [.. value]
            : throw new ArgumentException($"{setting} holds an empty string, which every text has; leave it out.", setting);
    }

    /// <summary>Lets token ids through that the model has a score for.</summary>
    public static void WithinVocabulary(IEnumerable<int> ids, long vocabulary, string setting)
    {
        foreach (var id in ids)
        {
            if (id >= vocabulary)
            {
                throw new ArgumentException(
                    $"{setting} names token {id}, but the model's vocabulary has {vocabulary} tokens (0 to {vocabulary - 1}).", setting);
            }
        }
    }

    // The exception writes its value under the current culture, so it is given the text.
    private static ArgumentOutOfRangeException Refused(string setting, IFormattable value, string demand)
    {
        var text = value.ToString(null, CultureInfo.InvariantCulture);
        return new ArgumentOutOfRangeException(setting, text, $"{setting} {demand}, but is {text}.");
    }
}
